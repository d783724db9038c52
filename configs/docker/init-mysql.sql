-- Run by the MySQL container on its first start: the user that Firn connects as, and some tables.
CREATE DATABASE IF NOT EXISTS shop CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS 'firn'@'%' IDENTIFIED BY 'firn-password';
GRANT SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT, LOCK TABLES ON *.* TO 'firn'@'%';

USE shop;
CREATE TABLE customers (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(190) NOT NULL,
  name VARCHAR(120) NOT NULL,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
);
CREATE TABLE orders (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  customer_id BIGINT NOT NULL,
  status ENUM('new', 'paid', 'shipped') NOT NULL DEFAULT 'new',
  amount DECIMAL(12, 2) NOT NULL,
  ordered_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
);
INSERT INTO customers (email, name) VALUES
  ('anna@example.org', 'Anna Müller'), ('jose@example.org', 'José García'), ('sakura@example.org', '佐藤 さくら');
INSERT INTO orders (customer_id, status, amount) VALUES (1, 'paid', 19.90), (2, 'new', 250.00), (3, 'shipped', 7.35);
